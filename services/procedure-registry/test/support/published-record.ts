/** A record in the form of the national portal, for tests; its values are made up. */
export const publishedRecord = (more: object = {}): Record<string, unknown> => ({
  ID: '12345',
  MATTHC: '1.004873',
  TENTTHC: 'Cấp Giấy xác nhận tình trạng hôn nhân',
  LOAITTHC: 'TTHC được luật giao quy định chi tiết',
  LINHVUCTHUCHIEN: [{ MALINHVUC: 'HT', TENLINHVUC: 'Hộ tịch' }],
  CAPTHUCHIEN: [{ CAPTHUCHIEN: 'Cấp Xã' }],
  TRINHTUTHUCHIEN: [
    { TRUONGHOP: '', TRINHTU: [{ TENTRINHTU: 'Nộp hồ sơ' }, { TENTRINHTU: 'Nhận kết quả' }] },
  ],
  CACHTHUCTHUCHIEN: [
    {
      KENH: '1',
      THOIGIAN: [
        {
          THOIGIANGIAIQUYET: '3',
          DONVITINH: 'Ngày làm việc',
          MOTA: 'Không phải xác minh',
          PHILEPHI: [{ SOTIEN: '15000', DONVI: 'Đồng', MOTA: '' }],
        },
        {
          THOIGIANGIAIQUYET: 23,
          DONVITINH: 'Ngày',
          MOTA: 'Phải xác minh',
          PHILEPHI: [{ SOTIEN: 8000, DONVI: 'VNĐ', MOTA: '8.000 đồng/bản' }],
        },
      ],
    },
    {
      KENH: 2,
      THOIGIAN: [
        { THOIGIANGIAIQUYET: '1,5', DONVITINH: 'Ngày làm việc', MOTA: '', PHILEPHI: [{ SOTIEN: '8.000' }] },
      ],
    },
  ],
  THANHPHANHOSO: [
    {
      TRUONGHOP: 'Không phải xác minh',
      GIAYTO: [{ MAGIAYTO: 'G1', TENGIAYTO: 'Tờ khai', TENMAUDON: 'Mẫu 1', SOBANCHINH: '1', SOBANSAO: 0 }],
    },
    {
      TRUONGHOP: 'Phải xác minh tại nơi cư trú trước đây',
      GIAYTO: [
        { MAGIAYTO: 'G1', TENGIAYTO: 'Tờ khai', TENMAUDON: 'Mẫu 1', SOBANCHINH: '1', SOBANSAO: 0 },
        { MAGIAYTO: 'G2', TENGIAYTO: 'Văn bản cam đoan', SOBANCHINH: 0, SOBANSAO: 2 },
      ],
    },
  ],
  DOITUONGTHUCHIEN: [{ TENDOITUONG: 'Công dân Việt Nam' }],
  COQUANTHUCHIEN: [{ MADONVI: 'H61', TENDONVI: 'Ủy ban nhân dân cấp xã' }],
  DIACHITIEPNHAN: 'Bộ phận một cửa',
  KETQUATHUCHIEN: [{ MAKETQUA: 'KQ1', TENKETQUA: 'Giấy xác nhận' }],
  CANCUPHAPLY: [{ SOVANBAN: '60/2014/QH13', TENVANBAN: 'Luật Hộ tịch' }],
  YEUCAU: 'Không',
  TUKHOA: 'độc thân, kết hôn',
  ...more,
});
